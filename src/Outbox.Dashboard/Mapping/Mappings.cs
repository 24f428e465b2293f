using Microsoft.AspNetCore.Routing;
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
                       from source in builder.DataSources
                       from endpoint in source.Endpoints
                       let mark = endpoint.Metadata.GetMetadata<OutboxEndpoint>()
                       where mark is not null
                       select (mark, endpoint)];
        }
    }
}
