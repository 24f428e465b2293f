using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Outbox.Dashboard.Api.Answering;

namespace Outbox.Dashboard.Api.Reading;

/// <summary>Refuses a query parameter that the operation does not have: a filter whose name is mistyped would list everything.</summary>
internal static class KnownQuery
{
    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var known = factory.MethodInfo.GetParameters()
            .SelectMany(parameter => parameter.IsDefined(typeof(AsParametersAttribute)) ? parameter.ParameterType.GetProperties().Select(Name) : [Name(parameter)])
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        return invocation => invocation.HttpContext.Request.Query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown
            ? throw ApiException.Invalid($"There is no query parameter '{unknown}' here. There {(known.Count == 0 ? "is none" : $"are: {string.Join(", ", known)}")}.")
            : next(invocation);
    }

    private static string? Name(ICustomAttributeProvider parameter) => parameter.GetCustomAttributes(inherit: false).OfType<IFromQueryMetadata>().FirstOrDefault()?.Name;
}
