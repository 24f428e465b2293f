using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.History.Repair;
using Outbox.Integration.Tests.Inbox.Sequencing;

namespace Outbox.Integration.Tests.History.Repairing;

/// <summary>
/// A kill behind each single database command of a repair: the mark and its command, the share of the minute, the answer and its record, each removal, each version's record and effect. Another
/// instance ends with each version once, in order, and nothing left.
/// </summary>
[Trait("Broker", "none")]
public sealed class RepairCrashTests : IAsyncLifetime
{
    private readonly string _database = $"t{Guid.NewGuid():N}";
    private RepairInstance _first = null!;
    private RepairInstance _next = null!;

    public async ValueTask InitializeAsync() => (_first, _next) = (await RepairInstance.StartAsync(_database), await RepairInstance.StartAsync(_database));

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _next.DisposeAsync();
    }

    [Fact]
    public async Task G17_a_kill_behind_any_command_of_a_repair_costs_nothing_and_repeats_nothing()
    {
        var killed = true;
        var points = 0;
        for (; killed; points++)
        {
            var entity = $"k{points}";
            await _first.BeginAsync(entity);
            killed = await Crash.AfterAsync(points, _next.Messages.Database, () => _first.RepairAsync(entity));

            // The first may have asked; the next does so again only when nothing has come for a while.
            _next.Time.Advance(TimeSpan.FromDays(points + 1));
            await _next.RepairAsync(entity);
            Assert.True(new long[] { 1, 2, 3, 4 }.SequenceEqual(await _next.JournalAsync(entity)), $"killed behind command {points}: {string.Join(' ', await _next.JournalAsync(entity))}");
            Assert.Equal(0, await _next.Parked.CountDocumentsAsync(new BsonDocument("entityId", entity)));
            Assert.Equal(0, await _next.Messages.CountDocumentsAsync(new BsonDocument("entityId", entity)));
        }

        Assert.InRange(points, 15, 100);
    }
}
