package dev.assent.samples.demo;

import com.zaxxer.hikari.HikariDataSource;
import dev.assent.samples.demo.Told.Verdict;
import dev.assent.samples.shop.ShopDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the databases of the stopped services and compares them with what the buyers were told. It knows nothing of
 * transactions: a purchase is in all three databases or in none, as told, and goods and money add up.
 *
 * @param differences one sentence each
 * @param inDoubt prepared branches that are left in the databases
 */
public record Audit(List<String> differences, int inDoubt) {
    static Audit of(Path directory, List<Told> told) throws SQLException {
        List<String> differences = new ArrayList<>();
        Map<String, Set<String>> found = new HashMap<>();
        int inDoubt = 0;
        for (String service : ShopProcesses.SERVICES) {
            try (HikariDataSource pool = ShopDatabase.open(directory, service);
                    Connection connection = pool.getConnection()) {
                inDoubt += count(connection, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.IN_DOUBT");
                String table = tableOf(service);
                for (String purchase : strings(connection, "SELECT purchase FROM " + table)) {
                    found.computeIfAbsent(purchase, p -> new HashSet<>()).add(service);
                }
                compareSums(service, connection, differences);
            }
        }
        comparePurchases(told, found, differences);
        return new Audit(List.copyOf(differences), inDoubt);
    }

    private static String tableOf(String service) {
        return switch (service) {
            case "orders" -> "orders";
            case "inventory" -> "taken";
            default -> "charge";
        };
    }

    private static void compareSums(String service, Connection connection, List<String> differences)
            throws SQLException {
        int wrong = switch (service) {
            case "inventory" ->
                count(
                        connection,
                        "SELECT COUNT(*) FROM shelf s WHERE stock + COALESCE((SELECT SUM(quantity) FROM taken t"
                                + " WHERE t.item = s.item), 0) <> " + ShopDatabase.OPENING_STOCK);
            case "payments" ->
                count(
                        connection,
                        "SELECT COUNT(*) FROM account a WHERE cents + COALESCE((SELECT SUM(cents) FROM charge c"
                                + " WHERE c.customer = a.customer), 0) <> " + ShopDatabase.OPENING_CENTS);
            default -> 0;
        };
        if (wrong > 0) {
            differences.add(service + ": " + wrong + " rows do not add up to what the shop began with");
        }
    }

    private static void comparePurchases(List<Told> told, Map<String, Set<String>> found, List<String> differences) {
        Map<String, Set<String>> unexplained = new HashMap<>(found);
        for (Told one : told) {
            Set<String> services = unexplained.remove(one.purchase().id());
            int places = services == null ? 0 : services.size();
            int expected = one.verdict() == Verdict.COMMITTED ? ShopProcesses.SERVICES.size() : 0;
            boolean isAtomic = places == 0 || places == ShopProcesses.SERVICES.size();
            if (!isAtomic || (one.verdict() != Verdict.UNKNOWN && places != expected)) {
                differences.add(one.purchase().id() + " was told " + one.verdict() + " and is in " + services);
            }
        }
        unexplained.forEach((purchase, services) ->
                differences.add(purchase + " is in " + services + " and nobody was told about it"));
    }

    private static int count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getInt(1);
        }
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> strings = new ArrayList<>();
            while (found.next()) {
                strings.add(found.getString(1));
            }
            return strings;
        }
    }
}
