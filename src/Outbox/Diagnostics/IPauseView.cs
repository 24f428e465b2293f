namespace Outbox.Diagnostics;

/// <summary>What persons have paused, as this process knows it. Health and gauges ask for it wherever one is registered; there may be none.</summary>
internal interface IPauseView
{
    /// <summary>What is paused now; it costs nothing to ask.</summary>
    IReadOnlyCollection<PausedPart> Current { get; }
}
