using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Storage;

/// The one lock, the order of commits, and how far back readers still look.
internal sealed class Store
{
    private readonly SortedDictionary<ulong, int> _snapshots = [];
    private ulong? _heldAt;
    private ulong? _replaying;

    public Store(ServerClock clock, Oplog oplog)
    {
        Clock = clock;
        Oplog = oplog;
        Versions = new VersionChains(this);
        Catalog = new Catalog(this);
        Writes = new StoreWrites(this);
        oplog.Begin(0);
    }

    /// From here on the server makes history of its own.
    public void Begin(bool empty)
    {
        NextTimestamp();
        if (empty)
        {
            Oplog.Begin(Last);
        }

        Catalog.DropTemporary();
    }

    public Lock Gate { get; } = new();

    public ServerClock Clock { get; }

    public Oplog Oplog { get; }

    /// What writes everything down, when the server keeps its data.
    public IJournal? Journal { get; set; }

    public VersionChains Versions { get; }

    public Catalog Catalog { get; }

    public StoreWrites Writes { get; }

    /// Raised when majority-committed time moves on: what waits for it looks again.
    public Signal Advanced { get; } = new();

    /// The newest commit.
    public ulong Last { get; private set; }

    /// The newest commit that would survive a failover.
    public ulong Majority => _heldAt ?? Last;

    /// The same for those who do not hold the lock.
    public ulong ReadMajority()
    {
        lock (Gate)
        {
            return Majority;
        }
    }

    public (ulong Majority, int Rollbacks) ReadSafety()
    {
        lock (Gate)
        {
            return (Majority, Rollbacks);
        }
    }

    public ulong ReadLast()
    {
        lock (Gate)
        {
            return Last;
        }
    }

    /// How often history was taken back: who waits for a commit to become safe must not mistake another history for it.
    public int Rollbacks { get; private set; }

    public bool MajorityHeld => _heldAt is not null;

    /// What no reader looks behind any more.
    public ulong OldestNeeded
    {
        get
        {
            var oldest = Majority;
            foreach (var snapshot in _snapshots.Keys)
            {
                return Math.Min(oldest, snapshot);
            }

            return oldest;
        }
    }

    /// Moves time on for one commit. Under the lock.
    public ulong NextTimestamp() => Last = _replaying ?? Math.Max(Last + 1, Wall());

    /// While a journal is read, commits happen when they did happen.
    public void ReplayAt(ulong? timestamp) => _replaying = timestamp;

    /// A commit without content, so that time passes for those who wait for it.
    public void Tick(ulong atLeast = 0)
    {
        lock (Gate)
        {
            Last = Math.Max(NextTimestamp(), atLeast);
        }

        Advanced.Raise();
    }

    public ulong OpenSnapshot(bool majority)
    {
        lock (Gate)
        {
            var snapshot = majority ? Majority : Last;
            _snapshots[snapshot] = _snapshots.GetValueOrDefault(snapshot) + 1;
            return snapshot;
        }
    }

    /// Under the lock.
    public void CloseSnapshot(ulong snapshot)
    {
        if (--_snapshots[snapshot] == 0)
        {
            _snapshots.Remove(snapshot);
        }

        Versions.Collect();
    }

    public void HoldMajority()
    {
        lock (Gate)
        {
            _heldAt ??= Last;
            Journal?.Hold();
        }
    }

    public void ReleaseMajority()
    {
        lock (Gate)
        {
            _heldAt = null;
            Journal?.Release();
            Versions.ForgetHeld();
            Catalog.ForgetHeld();
            Versions.Collect();
        }

        Advanced.Raise();
    }

    /// Takes back every commit after the hold, as a failover to a node that never had them would.
    public ulong RollBackToMajority()
    {
        lock (Gate)
        {
            var keep = Majority;
            Versions.RollBackHeld(keep);
            Catalog.RollBack(keep);
            Oplog.TruncateAfter(keep);
            Journal?.TakeBack();
            _heldAt = null;
            Rollbacks++;
            NextTimestamp();
            Versions.Collect();
            return keep;
        }
    }

    public void CloseJournal()
    {
        lock (Gate)
        {
            Journal?.Dispose();
            Journal = null;
        }
    }

    private ulong Wall() => ((ulong)new DateTimeOffset(Clock.Now).ToUnixTimeSeconds() << 32) | 1;
}
