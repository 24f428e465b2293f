using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Operations.Bulk;
using Outbox.Operations.Auditing;
using Outbox.Operations.Bulk;

namespace Outbox.MongoDb.Operations;

/// <summary>What a person sees and does that belongs to both sides.</summary>
internal static class OperationServices
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.TryAddSingleton<MongoAudit>();
        services.TryAddSingleton<IAudit>(provider => provider.GetRequiredService<MongoAudit>());
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
