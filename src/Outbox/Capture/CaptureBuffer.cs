using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Outbox.Delivery.Leases;
using Outbox.Diagnostics;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Capture;

/// <summary>The messages of one transaction attempt, serialized and checked when they are captured. For stores.</summary>
public sealed class CaptureBuffer(MessageRegistry registry, OutboxOptions options, TimeProvider time)
{
    private readonly List<OutboxMessage> _messages = [];

    /// <summary>What was captured, in order; a message's ordinal is its index.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _messages;

    /// <summary>The message being consumed, whose ids the captured messages inherit.</summary>
    public Cause? Cause { get; init; }

    /// <summary>Captures one message; <see langword="null"/> is a tombstone.</summary>
    /// <exception cref="OutboxException">The type is not registered, the entity id is empty, or the payload exceeds the limit.</exception>
    public void Add(Type type, object? message, MessageIntent verb, string entityId, long? version, MessageOptions? settings)
    {
        var registration = registry.Get(type);
        Check(registration, verb, entityId, version);
        var messageId = settings?.MessageId ?? Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var payload = message is null ? null : JsonSerializer.Serialize(message, type, registration.Json);
        CheckSize(registration, messageId, payload);
        var lane = Lane.Of(entityId, options.Lanes);

        _messages.Add(new OutboxMessage
        {
            MessageId = messageId,
            Lane = settings?.NotBefore is null ? lane : Lane.Delayed(lane),
            Topic = settings?.ReplyTo is null ? registration.Topic : BusTopics.Replies,
            EntityType = registration.EntityType,
            EntityId = entityId,
            Version = version ?? UnassignedVersion,
            Ordinal = _messages.Count,
            Intent = registration.Intent,
            Type = registration.Type,
            Payload = payload,
            SchemaVersion = registration.SchemaVersion,
            Format = registration.Format,
            Headers = Headers(registration, settings, messageId),
            Timestamp = time.GetUtcNow(),
            PartitionKey = settings?.PartitionKey,
            NotBefore = settings?.NotBefore,
            ExpiresAt = settings?.ExpiresAt,
        });
    }

    /// <summary>Marks a message whose version the store assigns from the entity's counter, inside the transaction.</summary>
    public const long UnassignedVersion = 0;

    private static void Check(MessageRegistration registration, MessageIntent verb, string entityId, long? version)
    {
        if (string.IsNullOrWhiteSpace(entityId))
        {
            throw new OutboxException($"A '{registration.Type}' message has no entity id. It is the Kafka key and the unit of order: pass the id of the entity.");
        }

        if (version < 1)
        {
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{entityId}' has version {version}. Versions start at 1; pass none to have one counted.");
        }

        if (registration.Versions is { } source && (source == VersionSource.Supplied) == (version is null))
        {
            var (does, instead) = version is null ? ("no version", "pass the entity's version") : ($"version {version}", "pass none");
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{entityId}' has {does}, but the versions of topic '{registration.Topic}' are "
                + $"{source.ToString().ToLowerInvariant()} (t.Versions): {instead}.");
        }

        if (verb != registration.Intent)
        {
            var call = registration.Intent == MessageIntent.Command ? "Send" : "Publish";
            throw new OutboxException(
                $"'{registration.Type}' is registered as a {registration.Intent.ToString().ToLowerInvariant()} on topic '{registration.Topic}': use tx.{call}.");
        }
    }

    private void CheckSize(MessageRegistration registration, string messageId, string? payload)
    {
        var size = payload is null ? 0 : Encoding.UTF8.GetByteCount(payload);
        if (size > options.MaxPayloadBytes)
        {
            throw new OutboxException(
                $"Message {messageId} of type '{registration.Type}' has {size:N0} bytes of payload; the limit is {options.MaxPayloadBytes:N0} (MaxPayloadBytes). "
                + "Store the content elsewhere and publish a reference to it.");
        }
    }

    private Dictionary<string, string> Headers(MessageRegistration registration, MessageOptions? settings, string messageId)
    {
        var headers = settings?.Headers is { } given ? new Dictionary<string, string>(given) : [];
        if (headers.Keys.FirstOrDefault(MessageHeaders.IsReserved) is { } reserved)
        {
            throw new OutboxException($"A '{registration.Type}' message brings the header '{reserved}', which the framework writes itself. Give yours another name.");
        }

        headers[MessageHeaders.CorrelationId] = settings?.CorrelationId ?? Cause?.CorrelationId ?? Cause?.MessageId ?? messageId;
        if ((settings?.CausationId ?? Cause?.MessageId) is { } causationId)
        {
            headers[MessageHeaders.CausationId] = causationId;
        }

        if (settings?.ReplyTo is { } replyTo)
        {
            headers[MessageHeaders.ReplyTo] = replyTo.ToString();
        }

        if (registration.Format != MessageFormat.Envelope)
        {
            headers[MessageHeaders.Source] = options.Source;
        }

        TraceContext.Write(Activity.Current, headers);
        return headers;
    }
}
