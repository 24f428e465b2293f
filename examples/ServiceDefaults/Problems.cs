using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace ServiceDefaults;

/// <summary>Every refusal is a ProblemDetails that says what to change.</summary>
internal static class Problems
{
    private const long MaxBodyBytes = 64 * 1024;

    public static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Explain);
        services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = MaxBodyBytes);

        // Otherwise a body that cannot be read is a bare 400 that does not say why.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = error => error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
    }

    private static void Explain(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= (context.ProblemDetails.Status, context.Exception) switch
    {
        (StatusCodes.Status413PayloadTooLarge, _) => $"The body is larger than {MaxBodyBytes} bytes.",
        (StatusCodes.Status415UnsupportedMediaType, _) => "The body must be JSON, with Content-Type: application/json.",
        (_, BadHttpRequestException { InnerException: JsonException error }) => $"The body is not valid JSON: {error.Message}",
        (_, BadHttpRequestException error) => error.Message,
        _ => null,
    };
}
