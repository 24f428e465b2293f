namespace Outbox.Delivery.Leases;

/// <summary>What a relay should take or give back so that all relays hold about the same number of lanes.</summary>
/// <param name="Take">How many lanes to take.</param>
/// <param name="Candidates">The lanes that may be free.</param>
/// <param name="Release">The lanes to give back.</param>
internal sealed record LanePlan(int Take, IReadOnlyList<int> Candidates, IReadOnlyCollection<int> Release)
{
    public bool IsEmpty => Take == 0 && Release.Count == 0;

    /// <summary>
    /// A relay takes free lanes up to the share rounded up, and gives back only what exceeds that: with 8 lanes, three relays settle at 3, 3 and 2,
    /// and nobody hands a lane back and forth.
    /// </summary>
    public static LanePlan For(LeaseView view, int lanes)
    {
        var share = (lanes + view.Relays - 1) / Math.Max(1, view.Relays);
        var free = Enumerable.Range(0, lanes).Where(lane => !view.Held.Contains(lane) && !view.Taken.Contains(lane)).ToList();
        var take = Math.Min(free.Count, Math.Max(0, share - view.Held.Count));
        var release = view.Held.Order().Skip(share).ToList();
        return new LanePlan(take, free, release);
    }
}
