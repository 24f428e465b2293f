using System.Text;
using System.Text.RegularExpressions;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Values;

/// <summary>Regular expressions as PCRE reads them, where .NET would read them otherwise.</summary>
internal static class Patterns
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static string Sorted(string options) => string.Concat(options.Order());

    public static Regex Compile(string pattern, string options)
    {
        var flags = RegexOptions.CultureInvariant;
        foreach (var option in options)
        {
            flags |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => throw MongoError.Location(51108, $"invalid flag in regex options: {option}"),
            };
        }

        try
        {
            return new Regex(AsciiClasses(pattern), flags, Limit);
        }
        catch (ArgumentException error)
        {
            throw MongoError.Location(51091, $"Regular expression is invalid: {error.Message}");
        }
    }

    public static bool IsMatch(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw MongoError.BadValue($"Regular expression took longer than {Limit.TotalSeconds:0} s on one value: {regex}");
        }
    }

    /// <summary>What every match must begin with; empty when the pattern does not say.</summary>
    public static string Prefix(string pattern, string options)
    {
        if (options.AsSpan().IndexOfAny("imx") >= 0 || !pattern.StartsWith('^') || pattern.Contains('|'))
        {
            return "";
        }

        var end = 1;
        while (end < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[end]) || pattern[end] is ' ' or '-' or '_' or '/' or ':' or ',' or '@'))
        {
            end++;
        }

        // A quantifier may take the last character away.
        var optional = end < pattern.Length && pattern[end] is '*' or '?' or '{';
        return pattern[1..Math.Max(1, optional ? end - 1 : end)];
    }

    /// <summary>\d, \w and \s mean ASCII characters only, and a bracket within brackets is only a character, as in MongoDB.</summary>
    private static string AsciiClasses(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var opened = -1;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                text.Append(Escape(pattern[++i], opened >= 0));
            }
            else if (opened < 0)
            {
                opened = c == '[' ? i : -1;
                text.Append(c);
            }
            else
            {
                var first = i == opened + 1 || (i == opened + 2 && pattern[i - 1] == '^');
                opened = c == ']' && !first ? -1 : opened;
                text.Append(c == '[' ? Bracket(pattern, i) : c.ToString());
            }
        }

        return text.ToString();
    }

    private static string Bracket(string pattern, int at) =>
        at + 1 < pattern.Length && pattern[at + 1] is ':' or '=' or '.'
            ? throw MongoError.NotImplemented("A POSIX character class in a regular expression")
            : "\\[";

    private static string Escape(char escaped, bool inClass) => (escaped, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', false) => "[A-Za-z0-9_]",
        ('W', false) => "[^A-Za-z0-9_]",
        ('s', false) => "[ \\t\\n\\v\\f\\r]",
        ('S', false) => "[^ \\t\\n\\v\\f\\r]",
        ('d', true) => "0-9",
        ('w', true) => "A-Za-z0-9_",
        ('s', true) => " \\t\\n\\v\\f\\r",
        ('h', _) => inClass ? " \\t" : "[ \\t]",
        _ => "\\" + escaped,
    };
}
