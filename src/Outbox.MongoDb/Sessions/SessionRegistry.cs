using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// The server sessions that this instance's transactions ran in. The driver keeps a pool of them and hands out the one that was used last, so there are about as many as there were
/// transactions at once. Those that have not been used for long are forgotten: the server has ended their transactions by itself.
/// </summary>
internal sealed class SessionRegistry(TimeProvider time)
{
    /// <summary>The most sessions that are written down. An instance with more transactions than this at one moment leaves the rest to the server's own limit.</summary>
    public const int Most = 1_000;

    /// <summary>Longer than a server lets a transaction live (<c>transactionLifetimeLimitSeconds</c>, 60 s unless it is raised).</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<BsonValue, Use> _uses = new();
    private volatile HashSet<BsonValue> _saved = [];

    /// <summary>Notes that a session is used.</summary>
    /// <returns>Whether it is written down already.</returns>
    public bool Add(IClientSessionHandle session)
    {
        var id = IdOf(session);
        _uses.AddOrUpdate(id, _ => new Use(1, time.GetTimestamp()), (_, use) => new Use(use.Open + 1, time.GetTimestamp()));
        return _saved.Contains(id);
    }

    /// <summary>Whether a session is written down.</summary>
    public bool IsSaved(IClientSessionHandle session) => _saved.Contains(IdOf(session));

    /// <summary>Notes that a session's transaction has ended.</summary>
    public void Release(IClientSessionHandle session) =>
        _uses.AddOrUpdate(IdOf(session), _ => new Use(0, time.GetTimestamp()), (_, use) => new Use(use.Open - 1, time.GetTimestamp()));

    /// <summary>What is to be written down now.</summary>
    public IReadOnlyCollection<BsonValue> Current()
    {
        foreach (var use in _uses.Where(use => use.Value.Open == 0 && time.GetElapsedTime(use.Value.At) > Forgotten))
        {
            _uses.TryRemove(use);
        }

        // Sorted in a copy: sorting takes the dictionary's length first, and others begin meanwhile.
        return [.. _uses.ToArray().OrderByDescending(use => use.Value.Open).ThenByDescending(use => use.Value.At).Take(Most).Select(use => use.Key)];
    }

    /// <summary>Notes what is written down.</summary>
    public void Saved(IReadOnlyCollection<BsonValue> ids) => _saved = [.. ids];

    private static BsonValue IdOf(IClientSessionHandle session) => session.ServerSession.Id["id"];

    private readonly record struct Use(int Open, long At);
}
