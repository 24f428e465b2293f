using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Outbox.Delivery.Leases;
using Outbox.Diagnostics;
using Outbox.Messages;
using Outbox.Messages.Payloads;
using Outbox.Messages.Registration;

namespace Outbox.Capture;

/// <summary>Makes the message of a call, or says in the caller's stack why there can be none.</summary>
internal sealed class MessageMaker(MessageRegistry registry, OutboxOptions options, TimeProvider time)
{
    public OutboxMessage Make(CapturedCall call, MessageOptions settings, Cause? cause)
    {
        var registration = call.Message is null ? registry.Get(call.Type) : registry.Resolve(call.Type, call.Message, call.IsExact);
        CaptureRules.Check(registration, call);
        CaptureRules.Check(registration, call, settings, registry.IsInSequence(registration.Topic));
        var messageId = settings.MessageId ?? Guid.CreateVersion7(time.GetUtcNow()).ToString();
        using var span = CreateSpan.Start(registration, call, settings, messageId);
        var payload = call.Message is null ? null : Payload(registration, call.Message, call.EntityId);
        var headers = Headers(registration, settings, messageId, cause);
        CheckSize(registration, messageId, payload, settings.ReplyTo is null);
        CheckHeaders(registration, messageId, headers);
        var lane = Lane.Of(call.EntityId, options.Lanes);
        return new OutboxMessage
        {
            MessageId = messageId,
            Lane = settings.NotBefore is null ? lane : Lane.Delayed(lane),
            Topic = settings.ReplyTo is null ? registration.Topic : BusTopics.Replies,
            EntityType = registration.EntityType,
            EntityId = call.EntityId,
            Version = call.Version ?? CaptureBuffer.UnassignedVersion,
            Ordinal = 0,
            Intent = registration.Intent,
            Type = registration.Type,
            Payload = payload,
            SchemaVersion = registration.SchemaVersion,
            Format = registration.Format,
            Transforms = settings.ReplyTo is null ? registration.Transforms : null,
            Headers = headers,
            IsFiltered = settings.IsFiltered,
            Timestamp = time.GetUtcNow(),
            PartitionKey = settings.PartitionKey,
            NotBefore = settings.NotBefore,
            ExpiresAt = settings.ExpiresAt,
        };
    }

    private static string Payload(MessageRegistration registration, object message, string entityId)
    {
        try
        {
            return PayloadJson.Write(message, registration.ClrType, registration.Json);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new OutboxException($"A '{registration.Type}' message ({message.GetType().FullName}) of entity '{entityId}' cannot be stored as JSON: {error.Message}", error);
        }
    }

    private void CheckSize(MessageRegistration registration, string messageId, string? payload, bool toTopic)
    {
        var size = payload is null ? 0 : Encoding.UTF8.GetByteCount(payload);
        var (limit, name, instead) = toTopic && registration.MaxClaimBytes is { } claimed
            ? (claimed, "t.ClaimCheck(c => c.MaxBytes)", "Store")
            : (options.MaxPayloadBytes, "MaxPayloadBytes", "Have large payloads of the topic kept apart, t.ClaimCheck(), or store");
        if (size > limit)
        {
            throw new OutboxException(
                $"Message {messageId} of type '{registration.Type}' has {size:N0} bytes of payload; the limit is {limit:N0} ({name}). {instead} the content elsewhere and publish a reference to it.");
        }
    }

    private static void CheckHeaders(MessageRegistration registration, string messageId, Dictionary<string, string> headers)
    {
        var inHeaders = headers.Sum(header => (long)header.Key.Length + header.Value.Length);
        if (inHeaders > CaptureRules.MostInHeaders)
        {
            throw new OutboxException(
                $"Message {messageId} of type '{registration.Type}' has {inHeaders:N0} characters of headers; the limit is {CaptureRules.MostInHeaders:N0}. Content belongs in the message.");
        }
    }

    private Dictionary<string, string> Headers(MessageRegistration registration, MessageOptions settings, string messageId, Cause? cause)
    {
        var headers = settings.Headers is { } given ? new Dictionary<string, string>(given) : [];
        foreach (var (name, value) in settings.Carried ?? OutboxMessage.NoHeaders)
        {
            headers[name] = value;
        }

        headers[MessageHeaders.CorrelationId] = settings.CorrelationId ?? cause?.CorrelationId ?? cause?.MessageId ?? messageId;
        if ((settings.CausationId ?? cause?.MessageId) is { } causationId)
        {
            headers[MessageHeaders.CausationId] = causationId;
        }

        if (settings.ReplyTo is { } replyTo)
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
