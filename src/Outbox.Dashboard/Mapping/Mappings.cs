using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Access;

namespace Outbox.Dashboard.Mapping;

/// <summary>Where the dashboard and the API were mapped.</summary>
internal sealed class Mappings
{
    private readonly Lock _lock = new();
    private readonly HashSet<IEndpointRouteBuilder> _builders = [];
    private int _apis;

    /// <summary>Counts the APIs of the host, from 1.</summary>
    public int NextApi() => Interlocked.Increment(ref _apis);

    public void Add(IEndpointRouteBuilder builder)
    {
        lock (_lock)
        {
            _builders.Add(builder);
        }
    }

    /// <summary>The endpoints of ours that are mapped by now.</summary>
    public IReadOnlyList<(OutboxEndpoint Mark, Microsoft.AspNetCore.Http.Endpoint Endpoint)> Endpoints()
    {
        lock (_lock)
        {
            return [.. from builder in _builders
                       from endpoint in Mapped(builder)
                       let mark = endpoint.Metadata.GetMetadata<OutboxEndpoint>()
                       where mark is not null
                       select (mark, endpoint)];
        }
    }

    /// <summary>A group knows its endpoints without what is said of the group itself; the host knows the whole, once it has started.</summary>
    private static IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Mapped(IEndpointRouteBuilder builder) => builder is RouteGroupBuilder
        ? builder.ServiceProvider.GetService<EndpointDataSource>()?.Endpoints ?? []
        : builder.DataSources.SelectMany(source => source.Endpoints);
}
