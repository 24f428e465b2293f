using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Outbox.Operations.Errors;

/// <summary>Groups errors that are texts: what differs from message to message is left out.</summary>
internal static partial class TextSignature
{
    private const int TitleLength = 200;

    /// <summary>Texts are others' and may be long; what makes them different stands at their beginning.</summary>
    private const int Read = 2_000;

    public static ErrorSignature Of(string error)
    {
        var text = Common(error);
        return new ErrorSignature(Hash(text), text.Length > TitleLength ? text[..TitleLength] + "…" : text);
    }

    /// <summary>The first line without quoted names, ids and numbers.</summary>
    public static string Common(string error)
    {
        var read = error.Length > Read ? error[..Read] : error;
        var line = read.AsSpan().Trim();
        line = line.IndexOfAny('\r', '\n') is var end and >= 0 ? line[..end] : line;
        var text = Storable(line.ToString());
        return Number().Replace(Identifier().Replace(Quoted().Replace(text, "*"), "*"), "#");
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    /// <summary>A text that was cut within a character is no text for a database.</summary>
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>An apostrophe within a word quotes nothing.</summary>
    [GeneratedRegex("(?<!\\w)'[^']*'(?!\\w)|\"[^\"]*\"|`[^`]*`", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    /// <summary>What has letters and digits, and enough of them: a UUID, a hash, <c>order-4711</c>.</summary>
    [GeneratedRegex(@"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z_-])[\w-]{5,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\d+([.,:]\d+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
