using Outbox.Inbox;
using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>One message on its way. When it is put back, it goes the whole way again.</summary>
internal sealed class Passage(KafkaRecord record, Lifetime lifetime, IOpenOffset? offset = null)
{
    public KafkaRecord Record => record;

    public Lifetime Lifetime => lifetime;

    /// <summary>What it was parked as, if it was; it is run because its turn has come or a person wants it, and nothing holds it any more.</summary>
    public ParkedMessage? Parked { get; init; }

    /// <summary>Its turn came with the end of another, and whoever runs it goes on with the next.</summary>
    public bool IsFollower { get; init; }

    /// <summary>What was read of it, this time.</summary>
    public DecodedMessage? Decoded { get; set; }

    /// <summary>What its envelope says, also where its payload cannot be read.</summary>
    public Envelope? Envelope { get; set; }

    /// <summary>The id of its payload in a store, where that is kept apart.</summary>
    public string? Claim { get; set; }

    /// <summary>The entity's messages, as an endpoint processes them.</summary>
    public Sequence EntityOn(string endpoint)
    {
        var envelope = Decoded!.Envelope!;
        return new Sequence(endpoint, record.Topic, envelope.EntityId) { EntityType = envelope.EntityType };
    }

    /// <summary>How often its consumer was started, this time.</summary>
    public int Attempts { get; set; } = 1;

    /// <summary>What went wrong first, if it went wrong more than once.</summary>
    public Exception? FirstError { get; set; }

    /// <summary>How often it met what looked like an outage and was none.</summary>
    public int Suspected { get; set; }

    /// <summary>How often it was put back.</summary>
    public int Returns { get; set; }

    /// <summary>Why it was put aside when it went the way last; its partition has it until it goes again.</summary>
    public Aside? Aside { get; set; }

    public bool IsRedelivered => Returns > 0 || Parked is not null;

    /// <summary>It was processed now: another of its entity may have been waiting for that.</summary>
    public bool TookEffect { get; set; }

    /// <summary>It needs no more: its offset is free to be committed.</summary>
    public bool HasEnded { get; private set; }

    public void End()
    {
        HasEnded = true;
        offset?.Finish();
    }
}
