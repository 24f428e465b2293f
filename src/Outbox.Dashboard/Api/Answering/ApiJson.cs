using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>JSON as the API speaks it, whatever the host's own settings are.</summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTimes() },
    };

    public static IResult Ok<T>(T answer) => Results.Json(answer, Options);

    public static RouteHandlerBuilder ProducesApiProblem(this RouteHandlerBuilder route, params IReadOnlyList<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<ApiProblem>(status, MediaTypeNames.Application.ProblemJson);
        }

        return route;
    }
}
