using Outbox.Messages;
using Outbox.Messages.Payloads;
using Outbox.Messages.Registration;

namespace Outbox.Capture;

/// <summary>What a message must be to be published later, checked where its caller can still do something about it.</summary>
internal static class CaptureRules
{
    /// <summary>Longer ids are content, or a mistake: each is in keys, indexes and headers of every message.</summary>
    public const int LongestId = 1_024;

    public const int MostInHeaders = 100_000;

    public static void Check(MessageRegistration registration, CapturedCall call)
    {
        if (string.IsNullOrWhiteSpace(call.EntityId))
        {
            throw new OutboxException($"A '{registration.Type}' message has no entity id. It is the Kafka key and the unit of order: pass the id of the entity.");
        }

        CheckId(registration, "entity id", call.EntityId);
        CheckVersion(registration, call);
        if (call.Verb != registration.Intent)
        {
            var instead = registration.Intent == MessageIntent.Command ? "Send" : "Publish";
            throw new OutboxException(
                $"'{registration.Type}' is registered as a {registration.Intent.ToString().ToLowerInvariant()} on topic '{registration.Topic}': use tx.{instead}.");
        }
    }

    public static void Check(MessageRegistration registration, CapturedCall call, MessageOptions settings, bool inSequence)
    {
        CheckId(registration, nameof(settings.MessageId), settings.MessageId);
        CheckId(registration, nameof(settings.CorrelationId), settings.CorrelationId);
        CheckId(registration, nameof(settings.CausationId), settings.CausationId);
        CheckId(registration, nameof(settings.PartitionKey), settings.PartitionKey);
        CheckTimes(registration, call, settings, inSequence && settings.ReplyTo is null);
        foreach (var (name, value) in settings.Headers ?? OutboxMessage.NoHeaders)
        {
            CheckHeader(registration, name, value);
            if (ReservedHeaders.Contains(name))
            {
                throw new OutboxException(
                    $"A '{registration.Type}' message brings the header '{name}', which the framework writes itself. Give yours another name. Reserved, in any case, are: {ReservedHeaders.List}. "
                    + "Ids and times are set with MessageOptions.");
            }
        }

        foreach (var (name, value) in settings.Carried ?? OutboxMessage.NoHeaders)
        {
            CheckHeader(registration, name, value);
        }
    }

    private static void CheckVersion(MessageRegistration registration, CapturedCall call)
    {
        if (call.Version < 1)
        {
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{call.EntityId}' has version {call.Version}. Versions start at 1; pass none to have one counted.");
        }

        if (call.Version == long.MaxValue)
        {
            throw new OutboxException($"A '{registration.Type}' message of entity '{call.EntityId}' has version {call.Version}, after which no other could come.");
        }

        if (registration.Versions is { } source && (source == VersionSource.Supplied) == (call.Version is null))
        {
            var supply = registration.KeepsHistory ? "pass the entity's next version, or append it, tx.AppendAsync" : "pass the entity's version";
            var (does, instead) = call.Version is null ? ("no version", supply) : ($"version {call.Version}", "pass none");
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{call.EntityId}' has {does}, but the versions of topic '{registration.Topic}' are "
                + $"{source.ToString().ToLowerInvariant()} (t.Versions): {instead}.");
        }
    }

    private static void CheckTimes(MessageRegistration registration, CapturedCall call, MessageOptions settings, bool inSequence)
    {
        if (settings.ExpiresAt <= settings.NotBefore)
        {
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{call.EntityId}' expires at {settings.ExpiresAt:O}, before it may be published ({settings.NotBefore:O}): it would never be.");
        }

        if (registration.KeepsHistory && settings.ReplyTo is null && (settings.NotBefore ?? settings.ExpiresAt) is not null)
        {
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{call.EntityId}' {(settings.NotBefore is null ? "expires" : "is delayed")}, but topic '{registration.Topic}' keeps history, and what is kept "
                + "has happened: all of it is published, in its order. Publish it on another topic, or when it is due.");
        }

        if (inSequence && (settings.NotBefore ?? settings.ExpiresAt) is not null)
        {
            var (does, because) = settings.NotBefore is not null ? ("is delayed", "while it waits, consumers would hold all later versions of its entity back") :
                ("expires", "if it did, consumers would wait for its version, and later ones of its entity behind it");
            throw new OutboxException(
                $"A '{registration.Type}' message of entity '{call.EntityId}' {does}, but topic '{registration.Topic}' is in sequence (MessageOrdering.Sequence): {because}. "
                + "Publish it on another topic, or publish it when it is due.");
        }
    }

    private static void CheckId(MessageRegistration registration, string what, string? id)
    {
        var wrong = id switch
        {
            null => null,
            _ when string.IsNullOrWhiteSpace(id) => "is empty. Pass one that says something, or none",
            { Length: > LongestId } => $"has {id.Length:N0} characters; the limit is {LongestId:N0}. Pass a hash of it",
            _ when !UnicodeText.IsWellFormed(id) => "has half of a surrogate pair, which neither the database nor Kafka can keep. It was cut in the middle of a character",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new OutboxException($"The {what} of a '{registration.Type}' message {wrong}.");
        }
    }

    private static void CheckHeader(MessageRegistration registration, string name, string? value)
    {
        var wrong = name switch
        {
            _ when string.IsNullOrWhiteSpace(name) => "has no name",
            _ when !ReservedHeaders.CanBeStored(name) => "has a name that MongoDB cannot store: it begins with a $ or has a NUL in it",
            _ when value is null => "is null. Leave it out, or give it a value",
            _ when !UnicodeText.IsWellFormed(name) || !UnicodeText.IsWellFormed(value) => "has half of a surrogate pair, which neither the database nor Kafka can keep",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new OutboxException($"The header '{name}' of a '{registration.Type}' message {wrong}.");
        }
    }
}
