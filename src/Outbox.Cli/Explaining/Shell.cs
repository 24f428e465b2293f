using Outbox.Cli.Answers;

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

    private static string? Command(string verb, string options, IReadOnlyList<string> words)
    {
        if (words.Any(word => word.Length == 0 || word != Plain.Line(word)))
        {
            return null;
        }

        // What begins with a hyphen would be taken for an option.
        var guard = words.Any(word => word[0] == '-') ? " --" : "";
        return $"outbox {verb}{options}{guard}{string.Concat(words.Select(word => " " + Quote(word)))}";
    }

    /// <summary>For bash, zsh and PowerShell alike as long as it holds no apostrophe.</summary>
    private static string Quote(string word) =>
        word.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
