using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Operations.Bulk;
using Outbox.MongoDb.Operations.Explaining;
using Outbox.MongoDb.Operations.Pausing;
using Outbox.MongoDb.Operations.Seeing;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;
using Outbox.Operations.Explaining;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.MongoDb.Operations;

/// <summary>What a person sees and does that belongs to both sides.</summary>
internal static class OperationServices
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.TryAddSingleton<MongoAudit>();
        services.TryAddSingleton<IAudit>(provider => provider.GetRequiredService<MongoAudit>());
        services.TryAddSingleton<IPauses, MongoPauses>();
        services.TryAddSingleton<OutboxTraces>();
        services.TryAddSingleton<InboxTraces>();
        services.TryAddSingleton<RelayFacts>();
        services.TryAddSingleton<EndpointReports>();
        services.TryAddSingleton<OperationFacts>();
        services.TryAddSingleton<IExplain, MongoExplain>();
        services.TryAddSingleton<LaneReading>();
        services.TryAddSingleton<EndpointReading>();
        services.TryAddSingleton<InstanceReading>();
        services.TryAddSingleton<WaitingList>();
        services.TryAddSingleton<StoreTotals>();
        services.TryAddSingleton<SeenParts>();
        services.TryAddSingleton<IOutboxOverview, MongoOverview>();
        services.TryAddSingleton<OperationStore>();
        services.TryAddSingleton<BulkSides>();
        services.TryAddSingleton<BulkActs>();
        services.TryAddSingleton<BulkRunner>();
        services.TryAddSingleton<BulkSignal>();
        services.TryAddSingleton<IBulkWork>(provider => provider.GetRequiredService<BulkRunner>());
        services.TryAddSingleton<IBulkOperations, MongoBulkOperations>();
        services.AddHostedService<BulkService>();
    }
}
