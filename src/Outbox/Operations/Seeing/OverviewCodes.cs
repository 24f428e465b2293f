namespace Outbox.Operations.Seeing;

/// <summary>The kinds of findings of an overview. They keep their names, for programs that go by them.</summary>
public static class OverviewCodes
{
    /// <summary>Some lanes have no owner.</summary>
    public const string LanesUnowned = "lanes-unowned";

    /// <summary>No lane has an owner, and something is pending.</summary>
    public const string NoRelay = "no-relay";

    /// <summary>A partition, a topic or the cluster takes nothing.</summary>
    public const string PlaceClosed = "place-closed";

    /// <summary>The oldest pending message is too old.</summary>
    public const string Old = "old";

    /// <summary>Messages could not be published.</summary>
    public const string Parked = "parked";

    /// <summary>Messages could not be processed or read.</summary>
    public const string InboxParked = "inbox-parked";

    /// <summary>An endpoint waits past the deadline for missing versions.</summary>
    public const string GapOverdue = "gap-overdue";

    /// <summary>Something keeps an endpoint from consuming.</summary>
    public const string EndpointFaulted = "endpoint-faulted";

    /// <summary>No instance of an endpoint runs.</summary>
    public const string EndpointGone = "endpoint-gone";

    /// <summary>Something is paused.</summary>
    public const string Paused = "paused";

    /// <summary>Something could not be found out in time.</summary>
    public const string Unknown = "unknown";
}
