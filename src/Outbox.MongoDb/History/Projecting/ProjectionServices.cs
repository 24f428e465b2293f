using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Outbox.History.Projecting;
using Outbox.History.Projecting.Building;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.History.Projecting.Builds;
using Outbox.MongoDb.History.Projecting.Pages;
using Outbox.MongoDb.History.Projecting.Reading;
using Outbox.MongoDb.History.Projecting.Rebuilding;

namespace Outbox.MongoDb.History.Projecting;

/// <summary>Puts read models together.</summary>
internal static class ProjectionServices
{
    public static void AddProjections(this IServiceCollection services)
    {
        services.TryAddSingleton<FeedNames>();
        services.TryAddSingleton<MongoProjectionBuilds>();
        services.TryAddSingleton<IProjectionBuilds>(provider => provider.GetRequiredService<MongoProjectionBuilds>());
        services.TryAddSingleton<PageTargets>();
        services.TryAddSingleton<ParkedEvents>();
        services.TryAddSingleton<PageParts>();
        services.TryAddSingleton<CatchUp>();
        services.TryAddSingleton<MongoProjectionPages>();
        services.TryAddSingleton<IProjectionPages>(provider => provider.GetRequiredService<MongoProjectionPages>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICapturedMessages, InlineProjections>());
        services.TryAddSingleton<RebuildReport>();
        services.TryAddSingleton<Rebuild>();
        services.TryAddSingleton<BuildScans>();
        services.TryAddSingleton<FeedWatch>();
        services.TryAddSingleton<PromotionParts>();
        services.TryAddSingleton<Promotion>();
        services.TryAddSingleton<Retirement>();
        services.TryAddSingleton<BuildCare>();
        services.TryAddSingleton<ProjectionPass>();
        services.TryAddSingleton<ActiveBuilds>();
        services.TryAddSingleton(typeof(IReadModel<>), typeof(MongoReadModel<>));
        services.TryAddSingleton<ParkedDecisions>();
        services.TryAddSingleton<IProjections, MongoProjections>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ProjectionService>());
    }
}
