using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Benchmarks.Servers;

/// Ends a wait that nothing would end: with the error of a message that was parked, or when nothing has moved for long. It looks once a second, so that it costs what is measured nothing.
internal sealed class Progress(IMongoDatabase database, string what)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private long _lookedAt = Stopwatch.GetTimestamp();
    private long _movedAt = Stopwatch.GetTimestamp();
    private long _done = -1;

    /// Asked for again and again by whoever waits.
    public async Task CheckAsync(long done)
    {
        var now = Stopwatch.GetTimestamp();
        if (done != _done)
        {
            (_done, _movedAt) = (done, now);
        }

        if (Stopwatch.GetElapsedTime(_lookedAt, now) < Interval)
        {
            return;
        }

        _lookedAt = now;
        foreach (var collection in new[] { "outbox.parked", "inbox.parked" })
        {
            if (await database.GetCollection<BsonDocument>(collection).Find(FilterDefinition<BsonDocument>.Empty).FirstOrDefaultAsync() is { } parked)
            {
                throw new InvalidOperationException($"{what} cannot come to its end, because a message was parked in {collection}: {parked.GetValue("error", parked.ToJson())}");
            }
        }

        if (Stopwatch.GetElapsedTime(_movedAt, now) > Limit)
        {
            throw new InvalidOperationException($"{what} has stood still for {Limit}, at {done}.");
        }
    }

    /// Waits for a first event.
    public async Task<T> AwaitAsync<T>(Task<T> first)
    {
        while (!first.IsCompleted)
        {
            await Task.WhenAny(first, Task.Delay(Interval));
            await CheckAsync(0);
        }

        return await first;
    }
}
