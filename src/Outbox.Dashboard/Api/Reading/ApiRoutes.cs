using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Mapping;

namespace Outbox.Dashboard.Api.Reading;

/// <summary>Maps operations of the API, each with its name, its capability and what OpenAPI says of it.</summary>
/// <param name="group">Where they are mapped.</param>
/// <param name="number">The how manieth API of the host it is: each has names of its own, and the first has the plain ones.</param>
internal sealed class ApiRoutes(RouteGroupBuilder group, int number)
{
    private const string Json = MediaTypeNames.Application.Json;

    public RouteHandlerBuilder Get(string pattern, Capability needs, (string Id, string Summary) named, Delegate handler) => Describe(group.MapGet(pattern, handler), needs, named);

    public RouteHandlerBuilder Delete(string pattern, Capability needs, (string Id, string Summary) named, Delegate handler) => Describe(group.MapDelete(pattern, handler), needs, named);

    /// <summary>Maps what takes a body of JSON.</summary>
    public RouteHandlerBuilder Send<TBody>(string method, string pattern, Capability needs, (string Id, string Summary) named, Delegate handler)
        where TBody : notnull
    {
        // Routing refuses other types before anything of ours is asked, with nothing to read. This, which says of no type that it takes it, takes what is left.
        group.MapMethods(pattern, [method], () => ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, ApiCodes.InvalidRequest, $"Send a body of {Json}."))
            .ExcludeFromDescription().Needs(needs);
        return Describe(group.MapMethods(pattern, [method], handler), needs, named).Accepts<TBody>(Json).ProducesApiProblem(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
    }

    private RouteHandlerBuilder Describe(RouteHandlerBuilder route, Capability needs, (string Id, string Summary) named) => route
        .WithName(number == 1 ? named.Id : named.Id + number.ToString(CultureInfo.InvariantCulture))
        .WithSummary(named.Summary)
        .WithDescription($"Needs the capability {needs}.")
        .WithTags("Outbox")
        .Needs(needs)
        .ProducesApiProblem(StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable);
}
