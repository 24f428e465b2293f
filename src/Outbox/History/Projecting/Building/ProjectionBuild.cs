using Outbox.History.Projecting.Registration;

namespace Outbox.History.Projecting.Building;

/// <summary>One build of a version: the rows that are made by it, and how far it has come.</summary>
/// <param name="Id">What it is called: <c>order-list.v2</c>, and <c>order-list.v2.r1</c> when it is built again.</param>
/// <param name="Registration">What it is a build of.</param>
/// <param name="State">What it is doing.</param>
public sealed record ProjectionBuild(string Id, ProjectionRegistration Registration, ProjectionState State)
{
    /// <summary>How many builds of the version were before it.</summary>
    public int Run { get; init; }

    /// <summary>Whether readers use it.</summary>
    public bool IsActive { get; init; }

    /// <summary>Whether the history was read to its end, or need not be.</summary>
    public bool IsScanned { get; init; }

    /// <summary>Whether the topic's messages are to be consumed for it.</summary>
    public bool IsFed => IsScanned && State != ProjectionState.Retired && !Registration.Inline;

    /// <summary>The name of a build.</summary>
    public static string IdOf(string name, int version, int run) => FormattableString.Invariant($"{name}.v{version}") + (run == 0 ? "" : FormattableString.Invariant($".r{run}"));
}
