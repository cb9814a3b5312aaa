package dev.assent.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows in aligned columns, two blanks apart; a column whose heading begins with {@code >} is aligned to the right, as
 * numbers are. Not thread-safe.
 */
public final class Table {
    private final List<String> headings;
    private final List<Boolean> alignRight;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = Arrays.stream(headings)
                .map(heading -> heading.startsWith(">") ? heading.substring(1) : heading)
                .toList();
        this.alignRight =
                Arrays.stream(headings).map(heading -> heading.startsWith(">")).toList();
    }

    /**
     * Adds a row; cells are shown as text, control characters in them as {@code ?}, so that what a client named cannot
     * move the cursor of the operator who looks at it.
     *
     * @throws IllegalArgumentException if the number of cells is not that of the headings
     */
    public Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(headings.size() + " cells expected, not " + cells.length);
        }
        rows.add(Arrays.stream(cells)
                .map(cell -> String.valueOf(cell).replaceAll("\\p{Cntrl}", "?"))
                .toList());
        return this;
    }

    /** No row was added. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Headings and rows, one a line, without blanks at the ends. */
    public String text(Terminal terminal) {
        int[] widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = width(headings.get(column));
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        String head = terminal.styled(Terminal.Style.STRONG, line(headings, widths));
        return rows.stream().map(row -> "\n" + line(row, widths)).collect(Collectors.joining("", head, ""));
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String blanks = " ".repeat(widths[column] - width(cell));
            line.append(column == 0 ? "" : "  ");
            line.append(alignRight.get(column) ? blanks + cell : cell + blanks);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
