using Demo.Checks;

namespace Demo.Display;

/// <summary>What has happened so far; written by many tasks, shown by one.</summary>
internal sealed class RunProgress(int orders, Action<string> note)
{
    private int _placed;
    private int _repeated;
    private int _cancelled;
    private int _refused;
    private int _kills;
    private int _replayed;

    public int Orders { get; } = orders;

    public int PlacedCount => _placed;

    /// <summary>What the databases held when they were last looked at.</summary>
    public Counts Counts { get; set; } = Counts.None;

    public void Placed() => Interlocked.Increment(ref _placed);

    public void Repeated() => Interlocked.Increment(ref _repeated);

    public void Cancelled(bool accepted) => Interlocked.Increment(ref accepted ? ref _cancelled : ref _refused);

    public void Killed() => Interlocked.Increment(ref _kills);

    public void Replayed(int records) => Interlocked.Add(ref _replayed, records);

    public void Note(string text) => note(text);

    public async Task UntilPlacedAsync(int orders, CancellationToken cancellationToken)
    {
        while (_placed < orders)
        {
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>The lines of the table: what, and how much of it.</summary>
    public IReadOnlyList<(string What, string Value)> Lines() =>
    [
        ("requests", $"{_placed} of {Orders} orders acknowledged, {_repeated} of them sent twice"),
        ("cancellations", $"{_cancelled} accepted, {_refused} too late"),
        ("orders", $"{Counts.Orders.Placed} placed, {Counts.Orders.Shipped} shipped, {Counts.Orders.Cancelled} cancelled"),
        ("shipments", $"{Counts.ShipmentsPreparing} preparing, {Counts.ShipmentsShipped} shipped, {Counts.ShipmentsCancelled} cancelled"),
        ("outbox", $"{Counts.Pending} pending, {Counts.Parked} parked"),
        ("faults", $"{_kills} services killed, {_replayed} old records published again"),
    ];
}
