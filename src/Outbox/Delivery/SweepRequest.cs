namespace Outbox.Delivery;

/// <summary>What a relay asks the outbox for.</summary>
/// <param name="Lanes">The lanes it holds.</param>
/// <param name="PageSize">The most messages of one page.</param>
/// <param name="HeldEntities">Entities whose messages wait for a person.</param>
/// <param name="ServerNow">The database server's time, for delayed messages.</param>
public sealed record SweepRequest(
    IReadOnlyCollection<int> Lanes, int PageSize, IReadOnlyCollection<string> HeldEntities, DateTimeOffset ServerNow);
