using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>What does the same on the command line, to copy: what came from a message is quoted, so that no shell takes it for more than a word.</summary>
internal static class Commands
{
    /// <summary>A command that sees.</summary>
    /// <returns>The command; <see langword="null"/> where a word cannot be typed.</returns>
    public static string? Of(string verb, params IReadOnlyList<string> words) => Write(verb, "", words);

    /// <summary>A command that acts, with its reason to be filled in.</summary>
    /// <inheritdoc cref="Of"/>
    public static string? Act(string verb, params IReadOnlyList<string> words) => Write(verb, " --reason \"…\"", words);

    public static Html Copy(string? command) => command is null ? Html.None : Html.Of($"<code class=\"copy\">{command}</code>");

    private static string? Write(string verb, string options, IReadOnlyList<string> words) =>
        words.Any(word => word.Length is 0 or > 500 || !Visible.IsPlainLine(word)) ? null : CommandText.Write(verb, options, words);
}
