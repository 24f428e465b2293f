using System.Globalization;
using Outbox.Capture;
using Outbox.Cli.Importing.Pending;
using Outbox.Delivery.Leases;
using Outbox.Messages;
using Outbox.Messages.Payloads;

namespace Outbox.Cli.Importing.Rules;

/// <summary>Makes messages of our outbox of those of another: which topic, which entity, which version, which lane.</summary>
/// <param name="Format">How they look on Kafka.</param>
/// <param name="Lanes">Into how many lanes the service divides its outbox.</param>
internal sealed record ImportRules(MessageFormat Format, int Lanes)
{
    private const string Key = "key";
    private const string Correlation = "correlation";

    public required NameMap Topics { get; init; }

    public required NameMap Types { get; init; }

    public required NameMap Entities { get; init; }

    public required NameMap EntityTypes { get; init; }

    public required NameMap Versions { get; init; }

    public required NameMap Intents { get; init; }

    /// <summary>Where the messages come from, in formats that have a place for it.</summary>
    public required string Origin { get; init; }

    /// <summary>The topic that a message goes to, if anything says which.</summary>
    public string? TopicOf(PendingMessage message) => Topics.Find(message) ?? message.Topic;

    public string TypeOf(PendingMessage message) => Types.Find(message) ?? message.Type;

    /// <summary>Why a message cannot be ours; nothing, if it can.</summary>
    public string? Refuse(PendingMessage message)
    {
        if (TopicOf(message) is null)
        {
            return $"no topic for '{message.Source}': --topic {SourceNames.Simple(message.Source)}=…";
        }

        if (EntityOf(message) is not { } entity)
        {
            return $"has no {Entities.Find(message)}, which names its entity";
        }

        if (Versions.Find(message) is { } path && VersionAt(message, path) is null)
        {
            return $"has no version from 1 upwards at {path}";
        }

        return TooMuch(message, entity);
    }

    public OutboxMessage Make(PendingMessage message, int ordinal)
    {
        var (topic, entity) = (TopicOf(message)!, EntityOf(message)!);
        var isOwn = entity == message.Id;
        var lane = Lane.Of(entity, Lanes);
        return new OutboxMessage
        {
            MessageId = message.Id,
            Lane = message.NotBefore is null ? lane : Lane.Delayed(lane),
            Topic = topic,
            EntityType = EntityTypes.Find(message) ?? topic,
            EntityId = entity,
            Version = Versions.Find(message) is { } path ? VersionAt(message, path)!.Value : isOwn ? 1 : CaptureBuffer.UnassignedVersion,
            Ordinal = ordinal,
            Intent = Intents.Find(message) == "command" ? MessageIntent.Command : MessageIntent.Event,
            Type = TypeOf(message),
            Payload = message.Payload,
            Format = BusTopics.Contains(topic) ? MessageFormat.Envelope : Format,
            Headers = Headers(message),
            Timestamp = message.SentAt,
            PartitionKey = message.Key is { } key && key != entity ? key : null,
            NotBefore = message.NotBefore,
            ExpiresAt = message.ExpiresAt,
        };
    }

    /// <summary>The entity; without any that is said, each message is one of its own, as messages of the bus are.</summary>
    private string? EntityOf(PendingMessage message) => Entities.Find(message) switch
    {
        null => message.Key ?? message.Id,
        Key => message.Key,
        Correlation => message.CorrelationId,
        var path => JsonPath.Find(message.Payload, path),
    } is { } id && !string.IsNullOrWhiteSpace(id) ? id : null;

    private static long? VersionAt(PendingMessage message, string path) =>
        long.TryParse(JsonPath.Find(message.Payload, path), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version is > 0 and < long.MaxValue ? version : null;

    /// <summary>What the capture of our own messages refuses, where a person still sees it.</summary>
    private static string? TooMuch(PendingMessage message, string entity) => message switch
    {
        _ when entity.Length > CaptureRules.LongestId => $"its entity's id has {entity.Length} characters, and at most {CaptureRules.LongestId} can be",
        _ when message.Headers.Sum(header => header.Key.Length + header.Value.Length) > CaptureRules.MostInHeaders => "has more headers than a message may have",
        _ when !UnicodeText.IsWellFormed(message.Payload) => "has half of a surrogate pair",
        _ => null,
    };

    private Dictionary<string, string> Headers(PendingMessage message)
    {
        var headers = new Dictionary<string, string>(message.Headers) { [MessageHeaders.CorrelationId] = message.CorrelationId ?? message.Id };
        if (message.CausationId is { } causation)
        {
            headers[MessageHeaders.CausationId] = causation;
        }

        if (Format != MessageFormat.Envelope)
        {
            headers[MessageHeaders.Source] = Origin;
        }

        return headers;
    }
}
