namespace Outbox.Operations;

/// <summary>Writes a command of the <c>outbox</c> tool to copy: what came from a message is quoted, so that no shell takes it for more than a word.</summary>
internal static class CommandText
{
    /// <param name="verb">The verb, as it is typed.</param>
    /// <param name="options">Options, with a blank before them; or nothing.</param>
    /// <param name="words">What the verb is about; each is looked at by the caller, and is one line that can be typed.</param>
    public static string Write(string verb, string options, IReadOnlyList<string> words)
    {
        // What begins with a hyphen would be taken for an option.
        var guard = words.Any(word => word[0] == '-') ? " --" : "";
        return $"outbox {verb}{options}{guard}{string.Concat(words.Select(word => " " + Quote(word)))}";
    }

    /// <summary>For bash, zsh and PowerShell alike as long as it holds no apostrophe.</summary>
    private static string Quote(string word) =>
        word.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
