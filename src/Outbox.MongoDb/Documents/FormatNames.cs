namespace Outbox.MongoDb.Documents;

/// <summary>Formats as they are stored.</summary>
internal static class FormatNames
{
    public static string Of(MessageFormat format) => format switch
    {
        MessageFormat.Envelope => "envelope",
        MessageFormat.CloudEvents => "cloudEvents",
        MessageFormat.CloudEventsStructured => "cloudEventsStructured",
        MessageFormat.MassTransit => "massTransit",
        MessageFormat.Cap => "cap",
        MessageFormat.Custom => "custom",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A format without a stored name."),
    };

    public static MessageFormat Parse(string name) => name switch
    {
        "envelope" => MessageFormat.Envelope,
        "cloudEvents" => MessageFormat.CloudEvents,
        "cloudEventsStructured" => MessageFormat.CloudEventsStructured,
        "massTransit" => MessageFormat.MassTransit,
        "cap" => MessageFormat.Cap,
        "custom" => MessageFormat.Custom,
        _ => throw new OutboxException($"A stored message has the unknown format '{name}'. A newer version of the framework may have written it."),
    };
}
