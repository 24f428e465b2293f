using Microsoft.Extensions.Logging;

namespace Outbox.MongoDb.Sessions;

internal static partial class Log
{
    [LoggerMessage(120, LogLevel.Information, "Instance {Owner} has not been heard of for its lease; its {Sessions} sessions were ended, and what their transactions held is free.")]
    public static partial void SessionsEnded(this ILogger logger, string owner, int sessions);

    [LoggerMessage(121, LogLevel.Warning, "This instance could not show that it lives. If that lasts for a lease, another instance ends its open transactions, and they run again.")]
    public static partial void BeatFailed(this ILogger logger, Exception error);

    [LoggerMessage(122, LogLevel.Warning, "The session of a transaction could not be written down. If this process is killed before it can be, what the transaction holds is free only when the server "
        + "ends it (transactionLifetimeLimitSeconds).")]
    public static partial void SessionNotSaved(this ILogger logger, Exception error);

    [LoggerMessage(123, LogLevel.Warning, "This instance could not be taken off the list of the living; another one does it within {LeaseDuration}.")]
    public static partial void InstanceNotRemoved(this ILogger logger, Exception error, TimeSpan leaseDuration);

    [LoggerMessage(124, LogLevel.Warning, "The IMongoClient that this service brings gives a server up that hangs only after {Limit} (HeartbeatInterval and ConnectTimeout), which is longer than the lease of {Lease}: "
        + "as long as that nothing is written, relayed or consumed. Set HeartbeatInterval to a fifth of the lease and ConnectTimeout to half of it.")]
    public static partial void HangsForLong(this ILogger logger, TimeSpan limit, TimeSpan lease);
}
