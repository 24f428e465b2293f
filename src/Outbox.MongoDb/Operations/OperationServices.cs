using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.Operations.Auditing;

namespace Outbox.MongoDb.Operations;

/// <summary>What a person sees and does that belongs to both sides.</summary>
internal static class OperationServices
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.TryAddSingleton<MongoAudit>();
        services.TryAddSingleton<IAudit>(provider => provider.GetRequiredService<MongoAudit>());
    }
}
