using Outbox.Cli.Answers;
using Outbox.Operations;

namespace Outbox.Cli.Explaining;

/// <summary>Commands to copy: what came from a message is quoted, so that no shell takes it for more than a word.</summary>
internal static class Shell
{
    /// <summary>A command that sees.</summary>
    /// <returns>The command; <see langword="null"/> where a word cannot be typed.</returns>
    public static string? Command(string verb, params IReadOnlyList<string> words) => Command(verb, "", words);

    /// <summary>A command that acts, with its reason to be filled in.</summary>
    /// <inheritdoc cref="Command(string, IReadOnlyList{string})"/>
    public static string? Act(string verb, params IReadOnlyList<string> words) => Command(verb, " --reason \"…\"", words);

    private static string? Command(string verb, string options, IReadOnlyList<string> words) =>
        words.Any(word => word.Length == 0 || word != Plain.Line(word)) ? null : CommandText.Write(verb, options, words);
}
