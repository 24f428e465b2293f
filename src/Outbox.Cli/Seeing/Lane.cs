using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Seeing;

/// <summary>A lane, and who publishes its messages.</summary>
/// <param name="Number">The lane.</param>
/// <param name="Owner">The relay that has its lease; nobody, where that has ended.</param>
/// <param name="Epoch">How often it was taken over.</param>
/// <param name="ExpiresAt">When the lease ends, or ended.</param>
internal sealed record Lane(int Number, string? Owner, long Epoch, DateTimeOffset ExpiresAt)
{
    /// <summary>The relay that had it last, where it has no owner.</summary>
    public string? LastOwner { get; init; }

    /// <summary>How many messages wait in it, up to a limit.</summary>
    public long? Pending { get; init; }

    public static async Task<IReadOnlyList<Lane>> ReadAsync(OutboxPlace place, CancellationToken cancellation)
    {
        var found = await place.Collections.Leases.Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync(cancellation).ConfigureAwait(false);
        return found.ConvertAll(lease => Of(lease, place.Now));
    }

    private static Lane Of(BsonDocument lease, DateTimeOffset now)
    {
        var expires = lease.GetValue("expiresAt", BsonNull.Value) is BsonDateTime time ? new DateTimeOffset(time.ToUniversalTime()) : DateTimeOffset.UnixEpoch;
        var owner = lease.GetValue("owner", BsonNull.Value) is BsonString { Value.Length: > 0 } name ? name.Value : null;
        return new Lane(lease["_id"].ToInt32(), expires > now ? owner : null, lease.GetValue("epoch", 0L).ToInt64(), expires) { LastOwner = expires > now ? null : owner };
    }
}
