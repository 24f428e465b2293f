namespace Outbox.Operations.Explaining;

/// <summary>What a finding is called, for programs. They do not change.</summary>
public static class FindingCodes
{
    /// <summary>Nothing is wrong, and nothing waits.</summary>
    public const string NothingWrong = "nothing-wrong";

    /// <summary>There is no trace of it: it was never captured or consumed here, or that is longer ago than anything is kept.</summary>
    public const string NoTrace = "no-trace";

    /// <summary>It is pending, and nothing is known to keep it back.</summary>
    public const string Pending = "pending";

    /// <summary>It is delayed until a moment that was asked for.</summary>
    public const string Delayed = "delayed";

    /// <summary>It could not be published, and waits for a person.</summary>
    public const string Parked = "parked";

    /// <summary>A parked message of its entity holds it.</summary>
    public const string HeldByParked = "held-by-parked";

    /// <summary>An earlier message of its entity fails, and is tried again.</summary>
    public const string Retrying = "retrying";

    /// <summary>Its topic, a partition, or the whole cluster takes nothing.</summary>
    public const string PlaceClosed = "place-closed";

    /// <summary>The relay is paused.</summary>
    public const string RelayPaused = "relay-paused";

    /// <summary>Its topic is paused.</summary>
    public const string TopicPaused = "topic-paused";

    /// <summary>No relay runs.</summary>
    public const string NoRelay = "no-relay";

    /// <summary>Its lane has no owner.</summary>
    public const string LaneUnowned = "lane-unowned";

    /// <summary>Its lane's owner has not been heard of for long.</summary>
    public const string RelaySilent = "relay-silent";

    /// <summary>It was published.</summary>
    public const string Published = "published";

    /// <summary>It was given up by a person.</summary>
    public const string Discarded = "discarded";

    /// <summary>A person, or code in his place, did something with it.</summary>
    public const string ActedOn = "acted-on";

    /// <summary>An endpoint has processed it.</summary>
    public const string Processed = "processed";

    /// <summary>An endpoint could not process it, and it waits for a person.</summary>
    public const string InboxParked = "inbox-parked";

    /// <summary>It failed, and its endpoint is about to try it again.</summary>
    public const string InboxRetrying = "inbox-retrying";

    /// <summary>It queues behind a message of its entity that failed.</summary>
    public const string InboxHeld = "inbox-held";

    /// <summary>It waits for a version that has not come.</summary>
    public const string Gap = "gap";

    /// <summary>The endpoint is paused.</summary>
    public const string EndpointPaused = "endpoint-paused";

    /// <summary>No instance of the endpoint runs.</summary>
    public const string EndpointDown = "endpoint-down";

    /// <summary>Something keeps the endpoint from consuming.</summary>
    public const string EndpointFaulted = "endpoint-faulted";

    /// <summary>The endpoint has much left to do.</summary>
    public const string EndpointLags = "endpoint-lags";

    /// <summary>The endpoint is being replayed, or a snapshot of it is being taken, and it does not consume.</summary>
    public const string EndpointReplayed = "endpoint-replayed";
}
