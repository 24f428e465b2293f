using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Inbox.Rider;

internal static partial class Log
{
    [LoggerMessage(370, LogLevel.Warning, "{Consumer} is registered and on no endpoint, so no message reaches it. Configure it on a TopicEndpoint, e.ConfigureConsumer or e.ConfigureSaga, or "
        + "remove it.")]
    public static partial void OnNoEndpoint(this ILogger logger, string consumer);

    [LoggerMessage(371, LogLevel.Warning, "{Consumer} is only on an endpoint of the in-memory bus (ConfigureEndpoints), and what it consumes comes on Kafka topic '{Topic}', so no message reaches it. "
        + "Configure it on a TopicEndpoint, e.ConfigureConsumer, and have the bus leave it out: x.AddConsumer<T>().ExcludeFromConfigureEndpoints().")]
    public static partial void OnlyOnTheBus(this ILogger logger, string consumer, string topic);
}
