using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>Intents as they are stored.</summary>
internal static class IntentNames
{
    public static string Of(MessageIntent intent) => intent switch
    {
        MessageIntent.Event => "event",
        MessageIntent.Command => "command",
        _ => "query",
    };

    public static MessageIntent Parse(string name) => name switch
    {
        "event" => MessageIntent.Event,
        "command" => MessageIntent.Command,
        "query" => MessageIntent.Query,
        _ => throw new OutboxException($"A stored message has the unknown intent '{name}'. A newer version of the framework may have written it."),
    };
}
