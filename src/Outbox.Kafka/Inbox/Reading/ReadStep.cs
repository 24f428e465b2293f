using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Custom;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Opening;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Payloads;
using Outbox.Versioning;

namespace Outbox.Kafka.Inbox.Reading;

/// <summary>
/// Finds a message's format and type by its headers, or else in its envelope, and makes an object of the type that the registry names: what is not
/// registered is never instantiated. Types that the endpoint does not handle are not even parsed when a header names them.
/// </summary>
internal sealed class ReadStep(string endpoint, MessageRegistry registry, IHandledTypes handled, MissingIds missingIds, string topicPrefix) : IStep
{
    private const string Tombstone = "(tombstone)";
    private const string ForAnother = "(for another endpoint)";
    private const string RepeatedForAnother = "(repeated for another endpoint)";

    private readonly Dictionary<string, MessageRegistration> _topicTypes = OnlyTypes(registry, topicPrefix);
    private readonly CustomFormats _customFormats = new(registry.All, topicPrefix);

    /// <summary>Changes payloads back that transforms have changed.</summary>
    public RecordPayloads? Payloads { get; init; }

    public Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages) =>
        Payloads?.Concern(messages) == true ? OpenAsync(messages, Payloads) : Task.FromResult(ReadAll(messages));

    private Verdict[] ReadAll(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = Read(messages[i]);
        }

        return verdicts;
    }

    /// <summary>What cannot be opened now fails the step for all of them, so that none passes another.</summary>
    private async Task<Verdict[]> OpenAsync(IReadOnlyList<Passage> messages, RecordPayloads payloads)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = RecordPayloads.Concern(messages[i]) ? await OpenAsync(messages[i], payloads).ConfigureAwait(false) : Read(messages[i]);
        }

        return verdicts;
    }

    private async Task<Verdict> OpenAsync(Passage message, RecordPayloads payloads)
    {
        try
        {
            message.Envelope = Sealed(message);
            return message.Envelope is { } envelope ? Read(message, await payloads.OpenAsync(message, envelope).ConfigureAwait(false)) : Read(message);
        }
        catch (Exception error) when (error is UnreadableMessageException or PayloadException)
        {
            return new Verdict.Unreadable(error);
        }
    }

    private Verdict Read(Passage message, ReadOnlyMemory<byte>? payload = null)
    {
        try
        {
            message.Decoded = Decode(message, payload);
            return Verdict.GoOn;
        }
        catch (UnreadableMessageException error)
        {
            return new Verdict.Unreadable(error);
        }
    }

    /// <summary>What can be read of a message before its payload is changed back; <see langword="null"/> where this endpoint has no use for that, and it is neither fetched nor decrypted.</summary>
    private Envelope? Sealed(Passage message)
    {
        var record = message.Record;
        var repeatedFor = record.Headers.Find(MessageHeaders.ReplayFor);
        if (record.Value is null || (repeatedFor is not null && repeatedFor != endpoint) || (record.Headers.Find(MessageHeaders.Endpoint) is { } receiver && receiver != endpoint))
        {
            return null;
        }

        var wire = WireOf(record);
        var format = FormatOf(wire, record.Topic);
        var named = format.TypeOf(wire);
        var isAnswer = repeatedFor is not null && named is not null && (named == VersionsVoid.TypeName || named == HistoryReplayed.TypeName);
        if (!isAnswer && named is not null && !Handles(named, tombstone: false, out _))
        {
            return null;
        }

        var envelope = OneLine.Check(format.Read(wire));
        return isAnswer || Handles(envelope.Type, tombstone: false, out _) ? envelope : null;
    }

    private WireMessage WireOf(KafkaRecord record)
    {
        var only = _topicTypes.GetValueOrDefault(record.Topic);
        return new WireMessage(record.Key, record.Value, record.Headers, record.Time ?? DateTimeOffset.UnixEpoch, only?.Type)
        {
            DefaultType = only is { IsDefault: true } ? only.Type : null,
        };
    }

    private DecodedMessage Decode(Passage message, ReadOnlyMemory<byte>? payload)
    {
        var record = message.Record;
        var repeatedFor = record.Headers.Find(MessageHeaders.ReplayFor);
        if (repeatedFor is not null && repeatedFor != endpoint)
        {
            return DecodedMessage.NotHandled(RepeatedForAnother);
        }

        var wire = WireOf(record);
        var format = FormatOf(wire, record.Topic);
        IWireReader reader = payload is { } opened ? new OpenedReader(format, opened) : format;
        var named = format.TypeOf(wire);
        var isTombstone = wire.Value is null;
        if (wire.Headers.Find(MessageHeaders.Endpoint) is { } receiver && receiver != endpoint)
        {
            return DecodedMessage.NotHandled(ForAnother);
        }

        if (repeatedFor is not null && named == VersionsVoid.TypeName)
        {
            return VoidVersions.Read(reader, wire);
        }

        if (repeatedFor is not null && named == HistoryReplayed.TypeName)
        {
            return ReplayedHistory.Read(reader, wire);
        }

        if (named is null ? isTombstone : !Handles(named, isTombstone, out _))
        {
            return DecodedMessage.NotHandled(isTombstone ? Tombstone : named!, Place(format, wire, message));
        }

        var envelope = OneLine.Check(reader.Read(wire));
        if (!Handles(envelope.Type, isTombstone, out var registration))
        {
            return DecodedMessage.NotHandled(envelope.Type, Place(format, wire, message));
        }

        envelope = missingIds.Fill(OfType(envelope, registration!.EntityType), message);
        message.Envelope = envelope;
        RequirePlace(format, envelope, registration!);
        return new DecodedMessage(envelope.Type, envelope, PayloadReader.Read(envelope, registration!), OrderingOf(registration!));
    }

    private IWireReader FormatOf(in WireMessage wire, string topic)
    {
        var known = WireFormats.Of(wire);
        return _customFormats.Find(topic) is { } custom && custom.Wrote(wire) ? custom : known;
    }

    /// <summary>All types of an endpoint in sequence are, whatever they are elsewhere.</summary>
    private MessageOrdering OrderingOf(MessageRegistration registration) => handled.InSequence ? MessageOrdering.Sequence : registration.Ordering;

    /// <summary>Our own format always says the version that its type is ordered by; others may not, and then have no stamp. A sequence is nothing without it.</summary>
    private void RequirePlace(IWireReader format, Envelope envelope, MessageRegistration registration)
    {
        var isInSequence = OrderingOf(registration) == MessageOrdering.Sequence;
        if (envelope.Version is null && (isInSequence || (registration.Ordering == MessageOrdering.NewestVersion && format == WireFormats.Envelope)))
        {
            throw new UnreadableMessageException(
                $"The 'version' is missing in message {envelope.MessageId}, and '{envelope.Type}' is ordered by version. Its producer must send one, or the type be "
                + $"ordered otherwise: t.Message<{registration.ClrType.Name}>(configure: m => m.Ordering = …).");
        }

        if (isInSequence && envelope.EntityId.Length == 0)
        {
            throw new UnreadableMessageException($"Message {envelope.MessageId} does not say its entity, and '{envelope.Type}' is in sequence.");
        }
    }

    /// <summary>Formats of others do not say what an entity id names.</summary>
    private static Envelope OfType(Envelope envelope, string otherwise) => envelope.EntityType.Length > 0 ? envelope : envelope with { EntityType = otherwise };

    private static Envelope TombstonePlace(in WireMessage wire) => new(
        wire.Headers.Id(MessageHeaders.MessageId),
        wire.Headers.Find(MessageHeaders.EntityId) ?? WireKey.Text(wire.Key),
        "",
        wire.Headers.Version(MessageHeaders.Version),
        Tombstone,
        wire.Time,
        null);

    /// <summary>The type of each topic that has only one.</summary>
    private static Dictionary<string, MessageRegistration> OnlyTypes(MessageRegistry registry, string topicPrefix) => registry.All
        .GroupBy(registration => topicPrefix + registration.Topic)
        .Where(topic => topic.Count() == 1)
        .ToDictionary(topic => topic.Key, topic => topic.Single());

    /// <summary>A version of another type counts in the sequence too. What is not readable is none of ours and counts for nothing.</summary>
    private Envelope? Place(IWireReader format, in WireMessage wire, Passage message)
    {
        if (!handled.InSequence)
        {
            return null;
        }

        try
        {
            var place = wire.Value is null && format.TypeOf(wire) is null ? TombstonePlace(wire) : OneLine.Check(format.Read(wire));
            return place is { Version: not null, EntityId.Length: > 0 }
                ? missingIds.Fill(OfType(place, handled.EntityTypeOf(message.Record.Topic[topicPrefix.Length..])), message)
                : null;
        }
        catch (UnreadableMessageException)
        {
            return null;
        }
    }

    private bool Handles(string type, bool tombstone, out MessageRegistration? registration) =>
        registry.TryGet(type, out registration) && handled.Contains(tombstone ? Tombstones.Of(registration.ClrType) : registration.ClrType);
}
