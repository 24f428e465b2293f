using System.Text.RegularExpressions;

namespace Outbox.Cli.Answers;

/// <summary>Takes out of a text what nobody may read: users and passwords of addresses, and values that are called a password.</summary>
internal static partial class Secrets
{
    public static string Hide(string text) => Named().Replace(Address().Replace(text, "${scheme}***@"), "${name}***");

    /// <summary>Up to the last @ before the text ends: a password may have any of them.</summary>
    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)[^\s""]*@", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<name>\b[\w.\-]*(?:password|secret|token)[\w.\-]*\s*[=:]\s*)[^\s,;}""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
