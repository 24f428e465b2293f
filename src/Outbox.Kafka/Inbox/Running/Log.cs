using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Running;

internal static partial class Log
{
    [LoggerMessage(303, LogLevel.Information, "Endpoint {Endpoint} does not handle '{Type}' messages of topic {Topic}; they are skipped and counted.")]
    public static partial void TypeSkipped(this ILogger logger, string endpoint, string type, string topic);
}
