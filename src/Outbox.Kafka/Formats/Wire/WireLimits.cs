namespace Outbox.Kafka.Formats.Wire;

/// <summary>
/// What is read of a message at most. Whoever may write to a topic could have anything stored, indexed and logged; a message beyond these is parked instead, whole.
/// </summary>
internal static class WireLimits
{
    /// <summary>Characters of a message's, an entity's, a conversation's id.</summary>
    public const int Id = 1_024;

    /// <summary>Characters of a message type's or an entity type's name.</summary>
    public const int Name = 256;

    /// <summary>Bytes of a header that the framework reads.</summary>
    public const int Header = 8_192;

    public const int Headers = 1_000;

    // A payload may be as deep as the serializer allows, and the envelope is around it.
    public const int JsonDepth = 128;

    /// <exception cref="UnreadableMessageException">The text is longer than that.</exception>
    public static string Within(this string text, int limit, string what) => text.Length <= limit ? text : throw new UnreadableMessageException(
        $"The {what} has {text.Length} characters, and at most {limit} are read: '{WireText.Short(text)}'.");
}
