namespace Outbox.Operations.Seeing;

/// <summary>Something that is not as it should be.</summary>
/// <param name="State">How bad that is.</param>
/// <param name="Code">What kind of thing it is, for programs: one of <see cref="OverviewCodes"/>.</param>
/// <param name="Text">What it is, for a person.</param>
public sealed record OverviewFinding(OverviewState State, string Code, string Text)
{
    /// <summary>The topic that it is about, if it is about one.</summary>
    public string? Topic { get; init; }

    /// <summary>The endpoint that it is about, if it is about one.</summary>
    public string? Endpoint { get; init; }
}

/// <summary>How an outbox is, as a whole.</summary>
public enum OverviewState
{
    /// <summary>Messages get through.</summary>
    Healthy,

    /// <summary>Somebody should look at it.</summary>
    Degraded,

    /// <summary>Messages do not get through.</summary>
    Unhealthy,
}
