using System.CommandLine;

namespace Outbox.Cli.Calls;

/// <summary>Options that take one of a few words, which are those of an enumeration in small letters.</summary>
internal static class Choice
{
    public static Option<T> Of<T>(Option<T> option, params string[] words)
    {
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    public static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];

    public static T Read<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);
}
