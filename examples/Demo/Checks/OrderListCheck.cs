using System.Diagnostics;
using Demo.Orders;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Demo.Checks;

/// <summary>Has the order service build its list again, and reads what came of it.</summary>
internal sealed class OrderListCheck(IMongoDatabase orders, ShopClient client)
{
    private const string Rebuilt = "order-list.v1.r1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Task RebuildAsync(CancellationToken cancellationToken) => client.RebuildListAsync(cancellationToken);

    /// <returns>The rows of the new list, when readers are given them; <see langword="null"/> if they are not.</returns>
    public async Task<IReadOnlyList<EntityState>?> ReadAsync(CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        while (!await IsInUseAsync(cancellationToken))
        {
            if (since.Elapsed > Patience)
            {
                return null;
            }

            await Task.Delay(200, cancellationToken);
        }

        var rows = await orders.GetCollection<BsonDocument>(Rebuilt).Find(new BsonDocument()).ToListAsync(cancellationToken);
        return rows.ConvertAll(EntityState.From);
    }

    private async Task<bool> IsInUseAsync(CancellationToken cancellationToken) =>
        await orders.GetCollection<BsonDocument>("projections").Find(new BsonDocument { { "_id", "order-list" }, { "active", Rebuilt } }).AnyAsync(cancellationToken);
}
