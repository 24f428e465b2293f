namespace Outbox.Messages.Payloads;

/// <summary>Text that can be written as UTF-8 and read back the same.</summary>
internal static class UnicodeText
{
    /// <summary>Whether every surrogate has its other half. A lone one would be replaced in silence: by the database, by Kafka, or by the JSON writer.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var rest = text;
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (!char.IsHighSurrogate(rest[at]) || at + 1 == rest.Length || !char.IsLowSurrogate(rest[at + 1]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }

        return true;
    }
}
