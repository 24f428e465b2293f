using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Outbox.Tests.Docs;

/// <summary>Every line that the framework logs, as its declaration says.</summary>
internal static class LogEvents
{
    private static readonly Assembly[] Sources =
    [
        typeof(OutboxOptions).Assembly, typeof(MongoDb.MongoDbOptions).Assembly, typeof(Kafka.KafkaOptions).Assembly, typeof(OutboxRegistrationExtensions).Assembly, typeof(Testing.OutboxHarness).Assembly,
        typeof(Aspire.OutboxServersOptions).Assembly, typeof(Dashboard.OutboxDashboardOptions).Assembly,
    ];

    public static IReadOnlyList<LogEvent> All { get; } =
    [
        .. from assembly in Sources
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let log = method.GetCustomAttribute<LoggerMessageAttribute>()
           where log is not null
           orderby log.EventId
           select new LogEvent(log.EventId, log.Level, log.Message, type.Namespace!, method.Name),
    ];

    internal sealed record LogEvent(int Id, LogLevel Level, string Message, string Place, string Name);
}
