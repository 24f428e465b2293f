namespace Outbox.Operations.Seeing;

/// <summary>A relay that lives.</summary>
/// <param name="Name">The process's name.</param>
/// <param name="SeenAt">When it showed itself last.</param>
public sealed record RelayStatus(string Name, DateTimeOffset? SeenAt)
{
    /// <summary>The lanes that it has.</summary>
    public IReadOnlyList<int> Lanes { get; init; } = [];

    /// <summary>How many messages it has published; <see langword="null"/> if it does not say so, as relays of an earlier version.</summary>
    public RunningTotal? Published { get; init; }
}
