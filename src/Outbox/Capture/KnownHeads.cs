using System.Collections.Concurrent;
using Outbox.Messages;

namespace Outbox.Capture;

/// <summary>The versions of entities' last events, as a transaction has read them and adds to them, so that nobody asks twice: in a transaction nothing changes but by itself.</summary>
public sealed class KnownHeads
{
    private readonly ConcurrentDictionary<Entity, (long Stored, long Next)> _heads = new();

    /// <summary>The version of the last event that is stored; <see langword="null"/> if nobody has looked.</summary>
    public long? Stored(Entity entity) => _heads.TryGetValue(entity, out var head) ? head.Stored : null;

    /// <summary>The version of the last event, those that were captured included; <see langword="null"/> if nobody has looked.</summary>
    public long? Last(Entity entity) => _heads.TryGetValue(entity, out var head) ? head.Next : null;

    /// <summary>Notes what is stored.</summary>
    public void Found(Entity entity, long version) => _heads[entity] = (version, version);

    /// <summary>Notes what was captured.</summary>
    public void Advance(Entity entity, long version) => _heads[entity] = (_heads[entity].Stored, version);
}
