using System.Text.RegularExpressions;
using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// How soon a client notices that a server hangs: a disk that stalls, a machine that is paused, a network that swallows packets. An operation waits on its socket for as long as
/// that lasts. What ends the wait is the driver's monitor of the server: when its own question is not answered for a heartbeat interval and a connect timeout, all connections to
/// that server are closed, and operations run again on the new primary. With the driver's defaults that takes 40 seconds, four leases.
/// </summary>
internal static partial class HangLimits
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A client that notices within a lease that a server hangs.</summary>
    public static MongoClient Connect(string connection, TimeSpan lease)
    {
        var settings = MongoClientSettings.FromConnectionString(connection);
        Apply(settings, connection, lease);
        return new MongoClient(settings);
    }

    /// <summary>Sets a heartbeat of a fifth of the lease and a connect timeout of half of it, where the connection string says nothing of them.</summary>
    public static void Apply(MongoClientSettings settings, string connection, TimeSpan lease)
    {
        if (!Heartbeat().IsMatch(connection))
        {
            settings.HeartbeatInterval = Least(settings.HeartbeatInterval, Most(lease / 5, ShortestInterval));
        }

        if (!ConnectTimeout().IsMatch(connection))
        {
            settings.ConnectTimeout = Least(settings.ConnectTimeout, Most(lease / 2, ShortestInterval));
        }
    }

    /// <summary>After how long a server that hangs is given up.</summary>
    public static TimeSpan Of(MongoClientSettings settings) => settings.HeartbeatInterval + settings.ConnectTimeout;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [GeneratedRegex("[?&](heartbeatFrequency|heartbeatInterval)(MS)?=", RegexOptions.IgnoreCase)]
    private static partial Regex Heartbeat();

    [GeneratedRegex("[?&]connectTimeout(MS)?=", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectTimeout();
}
