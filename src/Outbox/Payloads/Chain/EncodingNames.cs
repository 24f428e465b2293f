namespace Outbox.Payloads.Chain;

/// <summary>The names of transforms in the order in which they were applied: <c>zstd,aes-gcm</c>.</summary>
internal static class EncodingNames
{
    private const char Separator = ',';

    /// <summary>More are none of ours.</summary>
    private const int Most = 16;

    public static string Join(string before, string name) => before.Length == 0 ? name : before + Separator + name;

    public static string Of(IEnumerable<string> names) => string.Join(Separator, names);

    /// <exception cref="PayloadException">There are too many.</exception>
    public static string[] Split(string encoding)
    {
        var names = encoding.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length is > 0 and <= Most ? names : throw new PayloadException($"The payload names {names.Length} transforms; 1 to {Most} are undone.");
    }

    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
}
