package dev.assent.benchmarks.cli;

import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code after-apply} and {@code after-decision}. Stateless. */
final class AnswerConverter implements ITypeConverter<BenchCommand.Answer> {
    @Override
    public BenchCommand.Answer convert(String text) {
        return Stream.of(BenchCommand.Answer.values())
                .filter(answer -> answer.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new TypeConversionException("expected after-apply or after-decision, not '" + text + "'"));
    }
}
