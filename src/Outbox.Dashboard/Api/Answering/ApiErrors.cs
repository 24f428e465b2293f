using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using MongoDB.Driver.Core.Servers;
using Outbox.Delivery;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>Makes a problem with a code of what went wrong. What is not ours to tell stays in the log.</summary>
internal sealed class ApiErrors : IEndpointFilter
{
    private const string RetryAfterSeconds = "5";

    private const int ClientClosedRequest = 499;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody hears it any more.
            return Results.StatusCode(ClientClosedRequest);
        }
        catch (Exception error)
        {
            return Answer(http, error);
        }
    }

    private static IResult Answer(HttpContext http, Exception error)
    {
        switch (error)
        {
            case ApiException told:
                return ApiProblem.Of(told.Status, told.Code, told.Message);
            case OutOfTimeException when HasServer(http):
                return Away(http, ApiCodes.TimedOut, error.Message);
            case MongoExecutionTimeoutException:
                return Away(http, ApiCodes.TimedOut, "The database did not answer in time.");
            case OutOfTimeException or MongoException or TimeoutException or StoreFailedException:
                Log(http).ApiUnavailable(error, http.Request.Method, http.Request.Path);
                return Away(http, ApiCodes.Unavailable, "The database is out of reach, or refuses. The service's log says why.");
            case OutboxException and not OutboxConfigurationException:
                return ApiProblem.Of(StatusCodes.Status409Conflict, ApiCodes.Refused, error.Message);
            case BadHttpRequestException bad:
                return ApiProblem.Of(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiCodes.TooLarge : ApiCodes.InvalidRequest, "The request could not be read.");
            default:
                Log(http).ApiFailed(error, http.Request.Method, http.Request.Path);
                return ApiProblem.Of(StatusCodes.Status500InternalServerError, ApiCodes.Internal, "Something went wrong that nobody foresaw. The service's log says what.");
        }
    }

    private static IResult Away(HttpContext http, string code, string detail)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, code, detail);
    }

    /// <summary>Whether the driver sees a server that takes writes: without one it waits for it, and it is not the question that takes long.</summary>
    private static bool HasServer(HttpContext http) =>
        http.RequestServices.GetRequiredService<IMongoClient>().Cluster.Description.Servers.Any(server => server is { State: ServerState.Connected, Type: ServerType.ReplicaSetPrimary or ServerType.ShardRouter or ServerType.Standalone });

    private static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILogger<ApiErrors>>();
}
